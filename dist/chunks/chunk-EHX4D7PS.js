import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
function o(e,{restricted:t},{log:n}){if(t===void 0)return!1;let r=t==="fork"?"a fork":"Dependabot";return n.notice(`${e}: a pull request from ${r} has neither secrets nor an identity of its own.`),!0}export{o as a};
