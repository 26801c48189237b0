import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
import{c as a}from"./chunk-JCS5KKZH.js";function m(e,{output:t}){t("digest",e.digest),t("reference",a(e)),t("reference-without-host",`${e.repository}@${e.digest}`)}function f({tags:e,version:t,labels:i,json:o},{output:n}){n("tags",e.map(a).join(`
`)),t!==void 0&&n("version",t),n("labels",Object.entries(i).map(([r,d])=>`${r}=${d}`).join(`
`)),n("json",o)}export{m as a,f as b};
