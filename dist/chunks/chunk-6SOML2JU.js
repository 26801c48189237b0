import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
var i=["B","kB","MB","GB","TB"];function s(e){let t=Math.abs(e),n=0;for(;t>=999.95&&n<i.length-1;)t/=1e3,n++;return`${e<0?"-":""}${n===0?t:t.toFixed(1)} ${i[n]}`}export{s as a};
