import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
var e=["CRITICAL","HIGH","MEDIUM","LOW","UNKNOWN"];export{e as a};
