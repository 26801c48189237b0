import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
var a=class extends Error{name="Failure";what;why;remedy;details;place;constructor(e){let{what:n,why:r,remedy:d}=e;super([n,r,d].filter(i=>i!==void 0).join(" "),{cause:e.cause}),this.what=n,this.why=r,this.remedy=d,this.details=e.details,this.place=e.place}};export{a};
