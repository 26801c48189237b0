import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
import{d as t}from"./chunk-JCS5KKZH.js";async function s({reference:e},n){let i=await n.findDigest(e);return i&&t(e,i)}export{s as a};
