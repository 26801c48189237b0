import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
var r={info(){},debug(){},notice(){},warning(){},error(){},untrusted(){},group:(e,t)=>t()};export{r as a};
