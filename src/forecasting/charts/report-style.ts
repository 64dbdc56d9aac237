/** How a report looks, on the screen and on paper; the charts bring their own rules. */
export const REPORT_STYLE = `html{color-scheme:light;-webkit-print-color-adjust:exact;print-color-adjust:exact}
body{margin:0 auto;padding:24px;max-width:1040px;background:#fff;color:#1b1f24;font:13px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1{margin:0;font-size:24px;line-height:1.2}
h2{margin:0 0 2px;font-size:17px}
header{margin:0 0 14px}
header p{margin:4px 0 0}
.scope{color:#545d68}
.urgent{font-weight:600;color:#c01c28}
table{width:100%;border-collapse:collapse}
thead{display:table-header-group}
tr{break-inside:avoid}
th,td{padding:6px 8px;border-bottom:1px solid #d5dae0;text-align:left;vertical-align:top}
th{border-bottom:2px solid #1b1f24;font-size:11.5px;line-height:1.25;vertical-align:bottom}
th.num,td.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th.num{white-space:normal}
td.day{white-space:nowrap}
thead td{border-bottom:2px solid #1b1f24}
.product{min-width:130px;overflow-wrap:anywhere}
.sku{display:block;color:#545d68;font-size:11.5px}
.box{display:block;width:11px;height:11px;margin-top:2px;border:1.5px solid #545d68;border-radius:2px}
.tick{width:13px;padding-right:0}
tr.now .day,tr.now .action{font-weight:600;color:#c01c28}
tr.now .box{border-color:#c01c28}
.notes,.key{color:#545d68;font-size:11.5px}
.notes{margin:10px 0 0;max-width:75ch}
.empty{padding:32px 0;font-size:15px}
.charts{margin-top:24px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:12px;margin-top:10px}
figure{margin:0;border:1px solid #d5dae0;border-radius:6px;overflow:hidden;break-inside:avoid}
figure svg{display:block;width:100%;height:auto}
@media screen and (max-width:700px){
body{padding:14px}
thead{display:none}
table,tbody,tr{display:block}
tr{display:grid;grid-template-columns:20px 1fr auto;padding:8px 0;border-bottom:1px solid #d5dae0}
td{display:none;padding:2px 0;border:0}
td.tick,td.product,td.store,td.day,td.action{display:block}
td.store,td.action{grid-column:2/-1}
td.day{grid-column:3;grid-row:1}
}
@media print{
body{max-width:none;padding:0;font-size:10.5px}
h1{font-size:19px}
th,td{padding:4px 6px}
.charts{break-before:page;margin-top:0}
.grid{grid-template-columns:1fr 1fr;gap:8px}
figure{border-radius:0}
}
`;
