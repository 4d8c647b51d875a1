// The waiting room: a card for each guest, a button for each thing the cook can do. A click is a question to Python.
export default { render };

const KEYS = { serve: 's', serve_all: 'a', put: 'p', notify: 'n', notify_all: 'm', spurious: 'x', release: 's' };

function render({ model, el }) {
  let d = JSON.parse(model.get('data'));
  let asked = 0;
  let waits = false;
  const live = typeof model.send === 'function';
  const id = (part) => ({ 'data-testid': `waiting_room-${part}` });
  const says = make('div', { class: 'lk-says lk-verdict', 'aria-live': 'polite', ...id('says') });
  const room = make('div', { class: 'lk-room', style: `height:${d.pane}px` });
  const foot = make('div', { class: 'lk-legend lk-foot' });

  function act(verb) {
    if (waits || !live) return;
    waits = true;
    asked += 1;
    root.dataset.waits = 'true';
    paintSays();
    model.set('ask', `${asked} ${verb}`);
    model.save_changes();
  }
  const tool = (part, title) => make('button', { ...id(part), title, onclick: () => act(part) }, part);
  const undo = tool('undo', 'take the last step back (z)');
  const restart = tool('restart', 'from the beginning (r)');
  const cook = d.cook.map(([verb, words]) => make('button', { ...id(verb), 'aria-label': `cook: ${words}`, onclick: () => act(verb) }, words));
  const acts = (words, buttons) => make('div', { class: 'lk-bar lk-cook', role: 'group', 'aria-label': words }, make('span', {}, words), ...buttons);
  const serving = acts('the cook', cook.slice(0, 3));
  const ringing = acts(cook.length > 3 ? 'or' : '', cook.slice(3));

  function card([name, place, next, hinders]) {
    const can = !hinders && next;
    const words = can ? `next: ${next}` : hinders || '';
    const node = make('button', {
      class: `lk-guest ${can ? 'lk-can' : 'lk-cannot'}`, ...id(`guest-${name}`), 'data-guest': name, 'aria-label': `${name}, ${place}. ${words}`,
      title: can ? `let ${name} go on: ${next}` : words, onclick: () => act(`go ${name}`),
    }, make('b', {}, name), make('small', {}, can ? next : place === 'asleep' ? 'zzz' : words));
    node.disabled = !can || !live;
    return node;
  }
  // One column for each place; the sleepers stand in the order of the condition's queue.
  function paintRoom() {
    const focus = room.contains(document.activeElement) ? document.activeElement.dataset.guest : null;
    room.replaceChildren(...d.places.map((place, i) => {
      const here = d.guests.filter((g) => g[1] === place);
      const more = d.things === 'permits' ? { 'has the lock': '(not needed)' } : { asleep: 'in order', woken: 'wants the lock' };
      const column = make('div', { class: 'lk-place', role: 'group', 'aria-label': `${place}: ${here.map((g) => g[0]).join(', ') || 'nobody'}`, ...id(`place-${i}`) }, make('h4', {}, place, make('span', { class: 'lk-means' }, ` ${more[place] || ''}`)), ...here.map(card));
      if (place === 'has the lock' && !here.length && d.things !== 'permits') column.append(make('i', {}, 'the lock is free'));
      return column;
    }));
    const again = focus && [...room.querySelectorAll('button')].find((b) => b.dataset.guest === focus && !b.disabled);
    if (focus) (again || room.querySelector('button:enabled') || cook.find((b) => !b.disabled) || restart).focus();
  }
  function paintSays() {
    const sign = { pass: '✓ ', fail: '✗ ', stuck: '✗ ' }[d.kind] || '';
    const still = live ? '' : make('i', {}, 'A saved picture of the last state: to go on, run this cell with a running Jupyter kernel.');
    says.dataset.kind = d.kind;
    says.replaceChildren(make('b', {}, sign + d.words), still, waits ? make('i', {}, 'asking the Jupyter kernel …') : '');
  }
  function paint() {
    paintRoom();
    paintSays();
    cook.forEach((node, i) => {
      const [verb, words, hinders] = d.cook[i];
      node.disabled = !live || hinders !== '';
      node.title = hinders || `${words} (key ${KEYS[verb]})`;
    });
    undo.disabled = restart.disabled = !live || !d.steps.length;
    root.querySelector('small').textContent = d.describe;
    root.setAttribute('aria-label', `${d.heading}: ${d.describe}`);
    root.dataset.steps = d.steps.length;
    root.dataset.waits = waits;
    foot.replaceChildren(make('span', id('plates'), `${d.things}: ${d.plates}`), make('span', {}, 'steps: ', make('code', { ...id('steps'), title: d.steps.join(' ') }, d.steps.join(' ') || 'none')),
      make('span', { class: 'lk-means' }, `keys: 1 2 … guest, ${d.cook.map(([verb]) => KEYS[verb]).join(' ')} cook, z undo, r restart`));
  }

  const root = panel(el, d, 'waiting_room', [undo, restart], says, room, serving, ringing, foot);
  const names = d.guests.map((g) => g[0]).sort();
  root.onkeydown = (event) => {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const guest = d.guests.find((g) => g[0] === names[+event.key - 1]);
    const i = d.cook.findIndex(([verb]) => KEYS[verb] === event.key);
    if (guest && !guest[3] && guest[2]) act(`go ${guest[0]}`);
    else if (i >= 0 && !cook[i].disabled) act(d.cook[i][0]);
    else if (event.key === 'z' && !undo.disabled) act('undo');
    else if (event.key === 'r' && !restart.disabled) act('restart');
    else return;
    event.preventDefault();
  };
  model.on('change:data', () => { d = JSON.parse(model.get('data')); paint(); });
  model.on('change:answer', () => { waits = false; paint(); });
  paint();
}
