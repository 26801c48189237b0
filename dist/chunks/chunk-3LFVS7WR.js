import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
function n({passedOn:i}){let l=i.call?.[0]?.split(",")[0];return l!==void 0&&l!=="build"}export{n as a};
