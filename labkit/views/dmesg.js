// dmesg with its options as buttons. Every text comes from Python: it is carried along, or asked for while the picture is live.
export default { render };

function render({ model, el }) {
  let d;
  let texts;
  let pick;  // {time, x, r, json, levels, who}; null while the command line that was given has no buttons of its own
  const id = (part) => ({ 'data-testid': `dmesg-${part}` });
  const log = make('div', { class: 'lk-log', tabindex: 0, role: 'log', 'aria-label': 'what dmesg prints', ...id('log') });
  const command = make('div', { class: 'lk-cmd', 'aria-live': 'polite', ...id('command') });
  const says = make('div', { class: 'lk-says', ...id('says') });
  // How the reader left an earlier picture of this log: JupyterLab makes a new one when its output changes, as at the end of a run.
  let left = model.get('left') || {};
  const leave = (change) => { left = { ...left, ...change }; model.set('left', left); };
  const none = { time: '', x: false, r: false, json: false, levels: '', who: '' };

  const formOf = (p) => (p.r ? '-r' : [p.json ? '' : p.time, p.x ? '-x' : '', p.json ? '-J' : ''].filter(Boolean).join(' '));
  const lineOf = (p) => [formOf(p), p.levels && `-l ${p.levels}`, p.who].filter(Boolean).join(' ');
  const options = () => (pick ? lineOf(pick) : d.options);

  function read() {
    d = JSON.parse(model.get('data'));
    texts = new Map([[d.options, d.text]]);
    if (left.pick) pick = left.pick;
    if (pick === undefined) {
      const [l, w] = [d.levels.length, d.who.length];
      const [form, levels, who] = [Math.floor(d.picked / (l * w)), Math.floor(d.picked / w) % l, d.picked % w];
      const words = d.picked < 0 ? [] : d.forms[form].split(' ');
      pick = d.picked < 0 ? null : {
        time: words.find((w) => /^-[tTde]$/.test(w)) || '', x: words.includes('-x'), r: words.includes('-r'), json: words.includes('-J'), levels: d.levels[levels], who: d.who[who],
      };
    }
  }
  // The text of a command line, or undefined if it has to be asked for.
  function find(line) {
    if (texts.has(line) || !pick || !d.which.length) return texts.get(line);
    const i = (d.forms.indexOf(formOf(pick)) * d.levels.length + d.levels.indexOf(pick.levels)) * d.who.length + d.who.indexOf(pick.who);
    const flat = d.lines[d.which[i]];
    let text = '';
    for (let at = 0; at < flat.length; at += 2) text += `${d.prefixes[flat[at]]}${d.bodies[flat[at + 1]]}\n`;
    return text;
  }

  const choose = (change) => { pick = { ...(pick || none), ...change }; leave({ pick }); paint(); };
  const toggles = [];
  function toggle(part, words, is, change) {
    const node = make('button', { ...id(part), title: d.meaning[part === 'default' ? '' : `-${part}`] || '', onclick: () => choose(change(pick || none)) }, words);
    toggles.push({ node, is });
    return node;
  }
  function paint() {
    const wanted = options();
    const late = !!d.status && find(wanted) === undefined;  // while a kernel runs, only the form that it began with grows
    const line = late ? d.options : wanted;
    const text = find(line);
    toggles.forEach(({ node, is }) => node.setAttribute('aria-pressed', !!pick && is(pick)));
    if (pick) select.value = pick.levels;
    command.textContent = `$ dmesg ${line}`;
    const words = line.split(' ').filter((w) => d.meaning[w]);
    const timed = pick && !pick.r && !pick.json && !pick.time ? ['time: seconds since boot'] : [];
    const meant = [...timed, ...words.map((w) => (w ? `${w}: ${d.meaning[w]}` : ''))].filter(Boolean).join(' · ');
    says.textContent = text === undefined ? 'asking the Jupyter kernel; it answers when it is idle …' : d.status ? `● ${d.status}${late ? `. After the run: dmesg ${wanted}` : ''}` : meant;
    root.dataset.options = line;
    root.style.minHeight = `${d.height}px`;
    log.style.height = `${d.log}px`;
    if (text === undefined) {
      model.set('ask', `${d.count} ${line}`);
      model.save_changes();
      return;
    }
    const below = log.scrollHeight - log.scrollTop - log.clientHeight < 30;
    if (log.textContent !== text) log.textContent = text;
    if (!text) log.textContent = d.count ? '(nothing: no record fits)' : '(no records yet)';
    if (below) log.scrollTop = log.scrollHeight;
    root.querySelector('small').textContent = d.describe;
  }

  read();
  const time = (part, words) => toggle(part, words, (p) => !p.r && !p.json && p.time === (part === 'default' ? '' : words), () => ({ time: part === 'default' ? '' : words, r: false, json: false }));
  const select = make('select', { ...id('levels'), 'aria-label': 'levels to show', onchange: () => choose({ levels: select.value }) },
    ...d.levels.map((level) => make('option', { value: level }, level ? `-l ${level}` : 'all levels')));
  const label = (words) => make('span', { class: 'lk-next' }, words);
  const root = panel(el, d, 'dmesg', [],
    make('div', {},
      make('div', { class: 'lk-bar lk-opts', role: 'group', 'aria-label': 'form' }, make('span', {}, 'time'),
        time('default', 'default'), time('t', '-t'), time('T', '-T'), time('d', '-d'), time('e', '-e'), label('form'),
        toggle('x', '-x', (p) => p.x, (p) => ({ x: !p.x, r: false })), toggle('r', '-r', (p) => p.r, (p) => ({ r: !p.r, x: false, json: false, time: '' })),
        toggle('J', '-J', (p) => p.json, (p) => ({ json: !p.json, r: false }))),
      make('div', { class: 'lk-bar lk-opts', role: 'group', 'aria-label': 'which records' }, make('span', {}, 'show'), select,
        toggle('k', '-k', (p) => p.who === '-k', (p) => ({ who: p.who === '-k' ? '' : '-k' })), toggle('u', '-u', (p) => p.who === '-u', (p) => ({ who: p.who === '-u' ? '' : '-u' })))),
    command, log, says);
  log.onscroll = () => leave({ end: log.scrollTop > 0 && log.scrollHeight - log.scrollTop - log.clientHeight < 30 });
  if (left.end) requestAnimationFrame(() => { log.scrollTop = log.scrollHeight; });
  model.on('change:data', () => { read(); paint(); });
  model.on('change:answer', () => {
    const [ask, text] = JSON.parse(model.get('answer'));
    const [count, ...line] = ask.split(' ');
    if (+count !== d.count) return;
    texts.set(line.join(' '), text);
    paint();
  });
  paint();
}
