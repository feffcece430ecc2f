(() => {
'use strict';
const $ = id => document.getElementById(id);
const form = $('find'), q = $('q');
// Tables of responses have groups; without one there is no filter for them.
const selects = ['system', 'edition', 'table', 'group', 'fault'].map($).filter(Boolean);
const valueOf = id => ($(id) || {value: ''}).value;
const boxes = [...form.elements.action];
const squash = text => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

// The documented name of a row and its identifiers.
const namesOf = row => {
  const parts = [...row.querySelector('td').childNodes];
  const end = parts.findIndex(part => part.nodeType === Node.ELEMENT_NODE && part.matches('.id, small, p, div'));
  const name = parts.slice(0, end < 0 ? parts.length : end).map(part => part.textContent).join('');
  return [name, ...[...row.querySelectorAll('.id')].map(id => id.textContent)].map(squash);
};

// The index: what each row can be found by.
const sections = [...document.querySelectorAll('section.table')].map(element => {
  const {system, edition, table} = element.dataset;
  const where = (edition + ' ' + table + ' ' + element.querySelector('h3').textContent + ' ' + element.dataset.rust).toLowerCase();
  const rows = [...element.querySelectorAll('tbody tr')].map(row => {
    // Only labels of codes and ranges start with a digit.
    const label = row.querySelector('th').textContent;
    const [first, last = first] = /^\d/.test(label) ? label.split(' to ').map(Number) : [];
    // Most rows say this, so nobody can mean it.
    const text = (row.textContent.replace('Do not send again', '') + ' ' + where).toLowerCase();
    const [group, fault] = (row.querySelector('.badge') || {textContent: ''}).textContent.split(' · ');
    return {element: row, group, fault, first, last, text, squashed: squash(text), names: namesOf(row), actions: [...row.querySelectorAll('td b')].map(word => word.className), isUnknown: row.id.endsWith('/unknown')};
  });
  return {element, system, edition, table, rows};
});
const all = sections.flatMap(section => section.rows);
const total = all.filter(row => row.first !== undefined).length;

// A word is a number, or the start of one where no code has it; or text.
const numberOf = word => /^(0x[0-9a-f]+|\d+)$/.test(word) ? Number(word) : undefined;
const test = word => {
  const number = numberOf(word);
  if (number === undefined) {
    const squashed = squash(word);
    return row => row.text.includes(word) || (squashed !== '' && row.squashed.includes(squashed));
  }
  const has = row => row.first <= number && number <= row.last;
  if (all.some(row => row.first === number && row.last === number)) return has;
  const digits = word.startsWith('0x') ? String(number) : word;
  const starts = row => has(row) || (row.first !== undefined && row.first === row.last && String(row.first).startsWith(digits));
  // Nobody lists the number: the answer is that for unknown codes.
  return all.some(starts) ? starts : row => row.isUnknown && number <= 65535;
};

// What is called exactly as was searched is above what only has the words in its text: rows in their table, tables in their
// edition, and editions in the page.
const groups = [];
for (const [parents, children] of [['section.table tbody', 'tr'], ['section.edition:not(#matrix)', 'section.table'], ['#codes', 'section.edition']]) {
  for (const parent of document.querySelectorAll(parents)) {
    groups.push({parent, children: [...parent.children].filter(child => child.matches(children)), isSorted: false});
  }
}
const arrange = best => {
  for (const group of groups) {
    const isBest = child => best.some(element => child.contains(element));
    const first = best.length ? group.children.filter(isBest) : [];
    if (!first.length && !group.isSorted) continue;
    group.isSorted = first.length > 0;
    group.parent.append(...first, ...group.children.filter(child => !first.includes(child)));
  }
};

const apply = () => {
  const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = words.map(test);
  const actions = boxes.filter(box => box.checked).map(box => box.value);
  const [system, edition, table, group, fault] = ['system', 'edition', 'table', 'group', 'fault'].map(valueOf);
  const asked = squash(q.value);
  const best = [];
  let hits = 0;
  for (const section of sections) {
    const isIn = (!system || section.system === system) && (!edition || section.edition === edition) && (!table || section.table === table);
    let shown = 0;
    for (const row of section.rows) {
      const isKind = (!group || row.group === group) && (!fault || row.fault === fault);
      const isHit = isIn && isKind && tests.every(fits => fits(row)) && (!actions.length || actions.some(action => row.actions.includes(action)));
      row.element.hidden = !isHit;
      if (isHit) shown += 1;
      if (isHit && asked !== '' && row.names.includes(asked)) best.push(row.element);
      if (isHit && row.first !== undefined) hits += 1;
    }
    section.shown = shown;
    section.element.hidden = !shown;
  }
  arrange(best);
  const isSelected = selects.some(select => select.value);
  const isFiltered = words.length > 0 || actions.length > 0 || isSelected;
  for (const element of document.querySelectorAll('section.edition')) {
    element.hidden = element.id === 'matrix' ? !!isFiltered : !element.querySelector('section.table:not([hidden])');
  }
  const any = sections.some(section => section.shown);
  $('nothing').hidden = any;
  $('hint').textContent = isFiltered && (actions.length || isSelected) ? 'Remove a filter, or search for another word.' : 'Search for another word.';
  $('count').textContent = isFiltered ? hits + ' of ' + total + ' codes' : total + ' codes';
  document.body.classList.toggle('filtered', !!isFiltered);
  for (const option of selects[1].options) option.hidden = !!system && !!option.value && option.dataset.system !== system;
};

const remember = () => {
  const query = new URLSearchParams();
  if (q.value) query.set('q', q.value);
  for (const select of selects) if (select.value) query.set(select.id, select.value);
  for (const box of boxes) if (box.checked) query.append('action', box.value);
  const text = query.toString();
  try { history.replaceState(null, '', (text ? '?' + text : location.pathname) + location.hash); } catch { /* A page from a file may not. */ }
};

const recall = () => {
  const query = new URLSearchParams(location.search);
  q.value = query.get('q') || '';
  for (const select of selects) {
    const wanted = query.get(select.id) || '';
    if ([...select.options].some(option => option.value === wanted)) select.value = wanted;
  }
  for (const box of boxes) box.checked = query.getAll('action').includes(box.value);
};

const clear = () => {
  q.value = '';
  for (const select of selects) select.value = '';
  for (const box of boxes) box.checked = false;
  apply();
  remember();
};

const change = () => {
  const [system, edition] = selects;
  if (system.value && edition.value && edition.selectedOptions[0].dataset.system !== system.value) edition.value = '';
  apply();
  remember();
};

// A link to a code shows the code, whatever is filtered.
const follow = () => {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id && document.getElementById(id);
  if (!target) return;
  if (target.closest('[hidden]')) clear();
  for (let details = target.closest('details'); details; details = details.parentElement.closest('details')) details.open = true;
  target.scrollIntoView({block: target.matches('tr') ? 'center' : 'start'});
  const link = target.matches('tr') && target.querySelector('th a');
  if (link) link.focus({preventScroll: true});
};

let timer;
const say = text => {
  $('said').textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => { $('said').textContent = ''; }, 2500);
};

const copy = async text => {
  try {
    await navigator.clipboard.writeText(text);
    say('Copied ' + text);
  } catch {
    say('Could not copy. The path is ' + text);
  }
};

// Each code is a link to itself.
for (const row of all) {
  const cell = row.element.querySelector('th');
  const link = document.createElement('a');
  link.href = '#' + row.element.id;
  link.append(...cell.childNodes);
  cell.append(link);
}

for (const code of document.querySelectorAll('code.id')) {
  const button = document.createElement('button');
  const path = code.closest('section').dataset.rust + '::' + code.textContent;
  button.type = 'button';
  button.className = 'id';
  button.textContent = code.textContent;
  button.title = 'Copy ' + path;
  button.addEventListener('click', () => copy(path));
  code.replaceWith(button);
}

// Arrow keys go through the codes that are shown.
const links = () => [...document.querySelectorAll('section.table tbody tr:not([hidden]) th a')];
const step = by => {
  const shown = links();
  const at = shown.indexOf(document.activeElement);
  const next = at < 0 ? shown[0] : shown[at + by];
  if (next) {
    next.focus({preventScroll: true});
    next.scrollIntoView({block: 'center'});
  } else if (by < 0) {
    q.focus();
  }
};

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const from = document.activeElement;
  const isTyping = from.matches('input:not([type=checkbox]), select');
  if (event.key === '/' && !isTyping) {
    event.preventDefault();
    q.focus();
    q.select();
  } else if (event.key === 'Escape' && (from === q || from.matches('tbody th a'))) {
    clear();
    q.focus();
  } else if ((event.key === 'ArrowDown' || event.key === 'Enter') && from === q) {
    event.preventDefault();
    step(1);
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && from.matches('section.table tbody th a')) {
    event.preventDefault();
    step(event.key === 'ArrowDown' ? 1 : -1);
  }
});

q.addEventListener('input', change);
form.addEventListener('change', change);
form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('reset', event => {
  event.preventDefault();
  clear();
  q.focus();
});
addEventListener('hashchange', follow);
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('section:not([hidden]) > details')) details.open = true;
});

form.hidden = false;
if (matchMedia('(max-width:60rem)').matches) document.querySelector('nav details').open = false;
recall();
apply();
follow();
})();
