import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
import{a,b}from"./chunk-CI3JHWW7.js";import"./chunk-ALHIKAWZ.js";import"./chunk-5CT3FT2P.js";export{a as keySigner,b as publicKeyOf};
