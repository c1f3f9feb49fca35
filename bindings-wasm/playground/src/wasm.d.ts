// The bundler puts the module's bytes into the page.
declare module '*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
