import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
var e=Object.freeze({latest:"auto",prefix:{text:"",onLatest:!1},suffix:{text:"",onLatest:!1}});export{e as a};
