import{i as e}from"./KubeApi-DfnGl3in.js";import{a as t}from"./start-13-yXdAT14H.js";function n(n){let r=t(n),i=/getting credentials: (?:exec: )?(?:executable (\S+) )?(.*)/.exec(r);if(i===null)return;let[,a="of its `exec`",o=``]=i;if(/not found|permission denied/.test(o))return e(a,void 0);let s=r.slice(0,i.index).split(`
`).slice(0,-1).join(`
`).trim();return e(a,s===``?o:s)}export{n as t};