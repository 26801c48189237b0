import{createRequire as _createRequire}from'node:module';const require=_createRequire(import.meta.url);
import{formatReference}from"./chunk-44VLFL7G.js";import{Markdown,blocks,code,md,prose,table}from"./chunk-CB3MWX7N.js";import"./chunk-HFHWJJQ3.js";import"./chunk-UI4WRJPG.js";var words={deployed:"is ready","rolled-back":"failed and was rolled back",uninstalled:"failed and was removed",failed:"failed"};function summarize(inputs,result){let{failure,revision,status,url,workloads,durationMs}=result,facts=[[md`Namespace`,code(inputs.namespace)],[md`Revision`,prose(revision===void 0?"none":String(revision))],[md`Time`,md`${(durationMs/1e3).toFixed(1)} s`],...inputs.images.map(({path,image})=>[md`Image at ${code(path)}`,code(formatReference(image))]),...url===void 0?[]:[[md`Address`,code(url)]]],objects=workloads.map(({kind,name,ready,desired})=>[code(`${kind}/${name}`),md`${ready}/${desired}`]);return blocks(md`### Release ${code(inputs.release)} ${words[status]}`,failure&&md`**${failure.what}** ${failure.why??""} ${failure.remedy??""}`,table([md``,md``],facts),objects.length===0?void 0:table([md`Object`,md`Ready`],objects),failure?.details===void 0?void 0:new Markdown(`<details><summary>Evidence</summary>

${evidence(failure.details)}

</details>`)).text}function evidence(details){return details.split(`
`).map(line=>code(line).text).join(`<br>
`)}export{summarize};
