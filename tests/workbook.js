// Spreadsheets for tests, as offices save them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

// A workbook whose first sheet is this XML, so many times.
function workbook(start, repeated = '', times = 0, end = '') {
  const script = `import sys, zipfile
start, repeated, times, end = sys.stdin.read(), *sys.argv[1:]
main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
with zipfile.ZipFile(sys.stdout.buffer, 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('[Content_Types].xml', '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
    z.writestr('_rels/.rels', f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r0" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
    z.writestr('xl/workbook.xml', f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>')
    z.writestr('xl/_rels/workbook.xml.rels', f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
    z.writestr('xl/worksheets/sheet1.xml', start + repeated * int(times) + end)`;
  const run = spawnSync('python3', ['-c', script, repeated, String(times), end], { maxBuffer: 1 << 26, input: start });
  assert.equal(run.status, 0, String(run.stderr));
  return run.stdout;
}

const SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>';

// One of these rows of texts.
function workbookOf(rows) {
  const cells = (row) => row.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('');
  return workbook(`${SHEET}${rows.map((row) => `<row>${cells(row)}</row>`).join('')}</sheetData></worksheet>`);
}

export { workbook, workbookOf };
