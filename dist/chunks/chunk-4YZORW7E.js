import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
var Cancelled=class extends Error{name="Cancelled";signal;constructor(signal){super(`The job was cancelled (${signal}).`),this.signal=signal}};export{Cancelled};
