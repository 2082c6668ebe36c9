import { eachRecord, runTool } from '@leti/pipe'
await runTool(import.meta.url, { name: 'featurize', summary:'x', reads:'a', writes:'b', examples:[], options:{}, takesFiles:true,
 run: async({files}, io)=>eachRecord(io,'featurize',files,(r)=>r) })
