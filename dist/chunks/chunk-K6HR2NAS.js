import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
var r=class extends Error{name="Cancelled";signal;constructor(e){super(`The job was cancelled (${e}).`),this.signal=e}};export{r as a};
