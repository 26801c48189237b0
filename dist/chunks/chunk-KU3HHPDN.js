import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
import{b as t}from"./chunk-IYTY66DC.js";var r=200;function l(o,e=r){let n=t(o.slice(0,4*e)).replace(/\s+/g," ").trim();return n.length>e?`${n.slice(0,e-1).toWellFormed()}\u2026`:n}export{l as a};
