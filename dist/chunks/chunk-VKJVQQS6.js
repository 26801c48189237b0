import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
function a(o,t){for(let{name:e,meant:n}of o.unknown())t.warning(`Input ${e} is not an input of this action and has no effect.${n===void 0?"":` Did you mean ${n}?`}`)}export{a};
