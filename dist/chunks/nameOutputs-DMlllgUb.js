import{t as e}from"./start-10-DmElitTA.js";function t(t,{output:n}){n(`digest`,t.digest),n(`reference`,e(t)),n(`reference-without-host`,`${t.repository}@${t.digest}`)}function n({tags:t,version:n,labels:r,json:i},{output:a}){a(`tags`,t.map(e).join(`
`)),n!==void 0&&a(`version`,n),a(`labels`,Object.entries(r).map(([e,t])=>`${e}=${t}`).join(`
`)),a(`json`,i)}export{t as n,n as t};