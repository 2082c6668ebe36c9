/** A module in the folder of LiteRT.js's wasm files. */
export const LITERT_WASM = '@litertjs/core/wasm/litert_wasm_internal.js'
