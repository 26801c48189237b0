import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
import{a as f,b as c,c as n,e,f as p,g as o}from"./chunk-2CBGG65I.js";import{c as u}from"./chunk-JCS5KKZH.js";import"./chunk-IYTY66DC.js";import"./chunk-5CT3FT2P.js";var R={deployed:"is ready","rolled-back":"failed and was rolled back",uninstalled:"failed and was removed",failed:"failed"};function j(a,d){let{failure:t,revision:i,status:w,url:l,workloads:$,durationMs:k}=d,y=[[e`Namespace`,n(a.namespace)],[e`Revision`,c(i===void 0?"none":String(i))],[e`Time`,e`${(k/1e3).toFixed(1)} s`],...a.images.map(({path:r,image:s})=>[e`Image at ${n(r)}`,n(u(s))]),...l===void 0?[]:[[e`Address`,n(l)]]],m=$.map(({kind:r,name:s,ready:g,desired:M})=>[n(`${r}/${s}`),e`${g}/${M}`]);return p(e`### Release ${n(a.release)} ${R[w]}`,t&&e`**${t.what}** ${t.why??""} ${t.remedy??""}`,o([e``,e``],y),m.length===0?void 0:o([e`Object`,e`Ready`],m),t?.details===void 0?void 0:new f(`<details><summary>Evidence</summary>

${b(t.details)}

</details>`)).text}function b(a){return a.split(`
`).map(d=>n(d).text).join(`<br>
`)}export{j as summarize};
