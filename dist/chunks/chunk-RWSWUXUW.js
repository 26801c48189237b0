import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
import{b as r}from"./chunk-IYTY66DC.js";var o=200;function i(n,e=o){let t=r(n.slice(0,4*e)).replace(/\s+/g," ").trim();return t.length>e?`${t.slice(0,e-1).toWellFormed()}\u2026`:t}var c=["CRITICAL","HIGH","MEDIUM","LOW","UNKNOWN"];export{i as a,c as b};
