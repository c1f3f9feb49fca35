// The platforms that have, or will have, a package with the native module.
export const platforms = [
  { name: 'linux-x64-gnu', os: 'linux', cpu: 'x64', libc: 'glibc', library: 'libtramontane_node.so' },
  { name: 'linux-arm64-gnu', os: 'linux', cpu: 'arm64', libc: 'glibc', library: 'libtramontane_node.so' },
  { name: 'linux-x64-musl', os: 'linux', cpu: 'x64', libc: 'musl', library: 'libtramontane_node.so' },
  { name: 'linux-arm64-musl', os: 'linux', cpu: 'arm64', libc: 'musl', library: 'libtramontane_node.so' },
  { name: 'darwin-x64', os: 'darwin', cpu: 'x64', library: 'libtramontane_node.dylib' },
  { name: 'darwin-arm64', os: 'darwin', cpu: 'arm64', library: 'libtramontane_node.dylib' },
  { name: 'win32-x64-msvc', os: 'win32', cpu: 'x64', library: 'tramontane_node.dll' },
  { name: 'win32-arm64-msvc', os: 'win32', cpu: 'arm64', library: 'tramontane_node.dll' },
];

/** The platform that this process runs on. */
export function current() {
  const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  return platforms.find((row) => row.os === process.platform && row.cpu === process.arch && (row.libc ?? 'glibc') === (musl ? 'musl' : 'glibc'));
}
