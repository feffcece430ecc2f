(() => {
'use strict';
const $ = id => document.getElementById(id);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const form = $('find'), q = $('q'), filters = $('filters');
const controls = [...form.elements].filter(control => control.name);
const squash = text => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
const textOf = node => node.nodeType === Node.TEXT_NODE ? node.data : [...node.childNodes].map(textOf).join(' ');

// The index: what each row can be found by.
const rows = $$('section.table tbody tr').map(element => {
  const section = element.closest('section'), {edition, table, rust} = section.dataset;
  // Only labels of codes and ranges start with a digit.
  const label = element.querySelector('th').textContent;
  const [first, last = first] = /^\d/.test(label) ? label.split(' to ').map(Number) : [];
  const idents = $$('.id', element).map(ident => ident.textContent), paths = idents.map(ident => rust + '::' + ident);
  const where = [section.querySelector('h2').textContent, table, rust].join(' ').toLowerCase();
  const text = [textOf(element), where, ...paths].join(' ').toLowerCase();
  const [group, fault] = (element.querySelector('.badge')?.textContent ?? '').split(' · ');
  const names = [element.querySelector('dfn').textContent, ...idents, ...paths].map(squash);
  const actions = $$('td b', element).map(word => word.className);
  return {element, edition, table, group, fault, first, last, names, where, text, squashed: squash(text), actions, isUnknown: element.id.endsWith('/unknown'), isOthers: element.id.endsWith('/others'), extended: section.querySelector('[id$="/others"] a[href^="#"]')?.hash.slice(1)};
});
const total = rows.filter(row => row.first !== undefined).length;
const has = number => row => row.first <= number && number <= row.last;
const isCode = number => rows.some(row => row.first === number && row.last === number);

// A table that does not list a close code answers all the same: as the table that it extends, or as for any unknown code.
const lists = (path, number) => rows.some(row => row.edition + '/' + row.table === path && has(number)(row));
const answers = number => row => (row.isUnknown || row.isOthers) && number <= 65535 &&
  !lists(row.edition + '/' + row.table, number) && row.isOthers === Boolean(row.extended && lists(row.extended, number));

// A word is a number, or the start of one where no code has it; or text.
const fits = word => {
  if (!/^(0x[0-9a-f]+|\d+)$/.test(word)) {
    const squashed = squash(word);
    return row => row.text.includes(word) || (squashed !== '' && row.squashed.includes(squashed));
  }
  const number = Number(word);
  const isAsked = ['edition', 'table'].some(key => new FormData(form).get(key));
  if (isCode(number)) return row => has(number)(row) || isAsked && answers(number)(row);
  const starts = row => has(number)(row) || (row.first !== undefined && row.first === row.last && String(row.first).startsWith(number));
  // Nobody lists the number: the answer is that for unknown codes.
  return rows.some(starts) ? starts : row => row.isUnknown && number <= 65535;
};

// A line of a log: its number that is a code, one that the word before it calls a code rather than another; or else the longest
// name in it. Dates, times, versions and addresses have no codes.
const ofLine = text => {
  const numbers = [...text.matchAll(/(?<!\w|\d[.:\/-])(?:op(?:code)?)?(0x[\da-f]+|\d+)(?!\w|[.:\/-]\d)/gi)].map(match => {
    const isCalled = /\b(code|closed?|with|error|http|status|reason)\W*$/i.test(text.slice(0, match.index));
    return {number: Number(match[1]), isCalled};
  }).sort((one, other) => other.isCalled - one.isCalled || other.number - one.number);
  const known = numbers.find(({number}) => isCode(number)) ?? numbers.find(({isCalled}) => isCalled);
  if (known) return rows.filter(fits(String(known.number)));
  const asked = squash(text);
  const lengthOf = row => Math.max(...row.names.filter(name => name.length >= 8 && asked.includes(name)).map(name => name.length));
  const longest = Math.max(...rows.map(lengthOf));
  return longest > 0 ? rows.filter(row => lengthOf(row) === longest) : [];
};

// What was found, and of it the best: what is called as was asked, or of a line what stands in the tables that it speaks of.
const find = text => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean), asked = squash(text);
  const tests = words.map(fits), found = rows.filter(row => tests.every(fit => fit(row)));
  if (found.length) return {found, best: found.filter(row => asked !== '' && row.names.includes(asked))};
  const line = ofLine(text), about = text.toLowerCase().match(/[a-z]{4,}|v\d+|rpc|op/g) ?? [];
  const score = row => about.filter(word => row.where.includes(word)).length + 10 * row.names.some(name => name.length >= 8 && asked.includes(name));
  const most = Math.max(...line.map(score));
  return {found: line, best: line.filter(row => most > 0 && score(row) === most)};
};

const distance = (one, other) => {
  let before = [...Array(other.length + 1).keys()];
  for (let i = 0; i < one.length; i += 1) {
    const now = [i + 1];
    for (let j = 0; j < other.length; j += 1) now.push(Math.min(now[j] + 1, before[j + 1] + 1, before[j] + (one[i] !== other[j])));
    before = now;
  }
  return before[other.length];
};

// The text with the nearest words of the page in place of those that it does not have, if that finds something.
const meant = text => {
  if (text.length > 200) return '';
  const known = new Set(rows.flatMap(row => row.text.match(/[\p{L}\p{N}_]+/gu)));
  const nearest = word => {
    if (rows.some(row => row.squashed.includes(squash(word)))) return word;
    let least = word.length < 6 ? 1.5 : 2.5, near = '';
    for (const other of known) {
      const far = Math.abs(other.length - word.length) < least ? distance(word, other) : least;
      if (far < least) [least, near] = [far, other];
    }
    return near;
  };
  const words = (text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).map(nearest);
  const meant = words.join(' ');
  return words.every(Boolean) && find(meant).found.length ? meant : '';
};

// What fits best is above the rest: rows in their table, tables in their edition, and editions in the page.
const groups = [['section.table tbody', 'tr'], ['.edition', 'section.table'], ['#codes', '.edition']].flatMap(([parents, children]) =>
  $$(parents).map(parent => ({parent, children: [...parent.children].filter(child => child.matches(children)), isSorted: false})));
const arrange = best => {
  for (const group of groups) {
    const first = group.children.filter(child => best.some(row => child.contains(row.element)));
    if (!first.length && !group.isSorted) continue;
    group.isSorted = first.length > 0;
    group.parent.append(...first, ...group.children.filter(child => !first.includes(child)));
  }
};

const apply = () => {
  const asked = new FormData(form), actions = asked.getAll('action');
  const wanted = ['edition', 'table', 'group', 'fault'].filter(key => asked.get(key));
  const {found, best} = find(q.value);
  const isWanted = row => wanted.every(key => row[key] === asked.get(key)) && (!actions.length || actions.some(action => row.actions.includes(action)));
  const shown = new Set(found.filter(isWanted));
  for (const row of rows) row.element.hidden = !shown.has(row);
  arrange(best.filter(isWanted));
  const hasSelected = wanted.length + actions.length > 0, isFiltered = hasSelected || q.value.trim() !== '';
  for (const section of $$('section.table')) section.hidden = !section.querySelector('tbody tr:not([hidden])');
  for (const edition of $$('.edition')) {
    edition.hidden = !edition.querySelector('section.table:not([hidden])');
    edition.open = isFiltered;
  }
  $('nothing').hidden = shown.size > 0;
  const hint = $('hint'), near = found.length || !isFiltered ? '' : meant(q.value);
  hint.textContent = found.length ? 'Remove a filter.' : near ? 'Did you mean ' : 'Search for another word.';
  if (near) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = near;
    button.addEventListener('click', () => { q.value = near; change(); q.focus(); });
    hint.append(button, '?');
  }
  const hits = [...shown].filter(row => row.first !== undefined).length;
  $('count').textContent = isFiltered ? hits + ' of ' + total + ' codes' : total + ' codes';
  document.body.classList.toggle('filtered', isFiltered);
};

// The title says where a link leads, or what was searched.
const title = document.title, site = title.split(':')[0];
const entitle = target => {
  const section = target?.closest('section.table'), row = target?.closest('tr');
  const parts = [row && row.cells[0].textContent + ' ' + row.querySelector('dfn').textContent, section && section.querySelector('h2').textContent];
  const said = parts.filter(Boolean).join(' · ') || (target?.matches('.edition') ? target.id : q.value.trim());
  document.title = said ? said + ' · ' + site : title;
};

// The address holds what is asked, for a link to it. What was linked before is no longer what is shown.
const change = () => {
  apply();
  const query = new URLSearchParams(new FormData(form));
  for (const [key, value] of [...query]) if (!value) query.delete(key);
  try { history.replaceState(null, '', location.pathname + (query.size ? '?' + query : '')); } catch { /* A page from a file may not. */ }
  entitle();
};

const recall = () => {
  const query = new URLSearchParams(location.search);
  for (const control of controls) {
    if (control.type === 'checkbox') control.checked = query.getAll(control.name).includes(control.value);
    else control.value = query.get(control.name) ?? '';
    if (control.selectedIndex < 0) control.selectedIndex = 0;
  }
};

// Where the address leads; some programs write a slash in it as `%2F`.
const linked = () => {
  try { return $(decodeURIComponent(location.hash.slice(1))); } catch { return null; }
};

// A link to a code shows the code, whatever is filtered.
const follow = () => {
  const target = linked();
  entitle(target);
  if (!target) return;
  if (target.closest('[hidden]')) {
    form.reset();
    apply();
  }
  for (let details = target.closest('details'); details; details = details.parentElement.closest('details')) details.open = true;
  target.scrollIntoView();
  target.querySelector(':scope > th a')?.focus({preventScroll: true});
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
for (const {element} of rows) {
  const cell = element.querySelector('th'), link = document.createElement('a');
  link.href = '#' + element.id;
  link.append(...cell.childNodes);
  cell.append(link);
}

for (const code of $$('code.id')) {
  const button = document.createElement('button'), path = code.closest('section').dataset.rust + '::' + code.textContent;
  button.type = 'button';
  button.className = 'id';
  button.textContent = code.textContent;
  button.title = 'Copy ' + path;
  button.addEventListener('click', () => copy(path));
  code.replaceWith(button);
}

// Arrow keys go through the codes that are shown.
const step = by => {
  const shown = $$('section.table tbody th a').filter(link => link.checkVisibility()), at = shown.indexOf(document.activeElement);
  const next = at < 0 ? shown[0] : shown[at + by];
  if (next) {
    next.focus({preventScroll: true});
    next.scrollIntoView({block: 'center'});
  } else if (by < 0) {
    q.focus();
  }
};

const clear = () => {
  form.reset();
  change();
  q.focus();
};

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const from = document.activeElement, isCode = from.matches('section.table tbody th a');
  if (event.key === '/' && !from.matches('input:not([type=checkbox]), select')) {
    event.preventDefault();
    q.focus();
    q.select();
  } else if (event.key === 'Escape' && (from === q || isCode)) {
    clear();
  } else if ((event.key === 'ArrowDown' || event.key === 'Enter') && from === q) {
    event.preventDefault();
    step(1);
  } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && isCode) {
    event.preventDefault();
    step(event.key === 'ArrowDown' ? 1 : -1);
  }
});

for (const control of controls) control.addEventListener('input', change);
form.addEventListener('submit', event => event.preventDefault());
$('clear').addEventListener('click', clear);
addEventListener('hashchange', follow);

// Paper shows what is folded.
let folded = [];
const unfold = isOpen => { for (const details of folded) details.open = isOpen; };
addEventListener('beforeprint', () => {
  folded = $$('.edition, .edition details').filter(details => !details.open);
  unfold(true);
});
addEventListener('afterprint', () => unfold(false));

form.hidden = filters.hidden = false;
recall();
if (matchMedia('(max-width:60rem)').matches) {
  document.querySelector('nav details').open = false;
  filters.firstElementChild.open = controls.some(control => control !== q && (control.type === 'checkbox' ? control.checked : control.value));
}
apply();
follow();
})();
