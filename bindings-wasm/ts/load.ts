// How the module is found. The build puts the file of `load/` that fits a runtime in this place.

export { fetched, load } from './load/web.js';

/** The module, compiled or as bytes. */
export type Module = WebAssembly.Module | BufferSource;
