import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
var e={canCacheExport:!0,canAttest:!0,canMultiPlatform:!0};export{e as a};
