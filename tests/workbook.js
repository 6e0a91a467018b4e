// Spreadsheets for tests, as offices save them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

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

// The rows of a workbook's first sheet, read by another reader than ours: texts as they stand, numbers as they are stored.
function rowsOf(bytes) {
  const script = `import sys, io, json, re, zipfile
import xml.etree.ElementTree as tree
main = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
with zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())) as z:
    assert z.testzip() is None
    shared = []
    if 'xl/sharedStrings.xml' in z.namelist():
        shared = [''.join(t.text or '' for t in si.iter(main + 't')) for si in tree.fromstring(z.read('xl/sharedStrings.xml'))]
    rows = []
    for row in tree.fromstring(z.read('xl/worksheets/sheet1.xml')).iter(main + 'row'):
        cells = {}
        for c in row.iter(main + 'c'):
            column = 0
            for letter in re.match('[A-Z]+', c.get('r')).group(): column = column * 26 + ord(letter) - 64
            value = c.find(main + 'v')
            cells[column - 1] = ''.join(t.text or '' for t in c.iter(main + 't')) if c.get('t') == 'inlineStr' else '' if value is None else shared[int(value.text)] if c.get('t') == 's' else value.text
        rows.append([cells.get(i, '') for i in range(max(cells, default=-1) + 1)])
json.dump(rows, sys.stdout)`;
  const run = spawnSync('python3', ['-c', script], { maxBuffer: 1 << 26, input: bytes });
  assert.equal(run.status, 0, String(run.stderr));
  return JSON.parse(run.stdout);
}

const hasLibreOffice = () => spawnSync('libreoffice', ['--version']).status === 0;

// The same as LibreOffice opens it: cells as it shows them.
function rowsInLibreOffice(bytes) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'luyue-calc-'));
  fs.writeFileSync(path.join(folder, 'book.xlsx'), bytes);
  const run = spawnSync('libreoffice', [`-env:UserInstallation=file://${folder}/profile`, '--headless', '--convert-to', 'csv:Text - txt - csv (StarCalc):9,34,76', '--outdir', folder,
    path.join(folder, 'book.xlsx')], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  const rows = fs.readFileSync(path.join(folder, 'book.csv'), 'utf8').trimEnd().split('\n').map((line) => line.split('\t').map((cell) => cell.replace(/^"|"$/g, '')));
  fs.rmSync(folder, { recursive: true });
  return rows;
}

export { workbook, workbookOf, rowsOf, hasLibreOffice, rowsInLibreOffice };
