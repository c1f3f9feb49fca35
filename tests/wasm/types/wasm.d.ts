// As bundlers and Cloudflare Workers declare it.
declare module '@tramontane/edge/tramontane.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
