// The thread map: cards in a tray, four fields and a strip below them. Drag a card, or pick it up and use the arrow keys.
export default { render };

// Where an arrow key leads from each place; '' is the tray, left of the map.
const WAYS = {
  '': { ArrowRight: 'kernel/user' },
  'kernel/user': { ArrowLeft: '', ArrowRight: 'program/user', ArrowDown: 'kernel/kernel' },
  'program/user': { ArrowLeft: 'kernel/user', ArrowDown: 'program/kernel' },
  'kernel/kernel': { ArrowLeft: '', ArrowRight: 'program/kernel', ArrowUp: 'kernel/user', ArrowDown: 'none' },
  'program/kernel': { ArrowLeft: 'kernel/kernel', ArrowUp: 'program/user', ArrowDown: 'none' },
  none: { ArrowLeft: '', ArrowUp: 'kernel/kernel' },
};

function render({ model, el }) {
  const d = JSON.parse(model.get('data'));
  const cards = d.cards.map(([key, name, place, truth, source]) => ({ key, name, place, truth, source, at: d.placed[key] || '', mark: '' }));
  const where = (place) => d.places[place] || 'not placed yet';
  const id = (part) => ({ 'data-testid': `thread_map-${part}` });
  let now = cards[0]; // the one card that Tab stops at
  let held = null; // the card that was picked up
  let from = ''; // where the held card lay
  let drag = null, dropped = false;
  let sum = ''; // the verdict of the last check, in one line

  const boxes = {};
  function area(place, ...head) {
    const node = make('div', { class: 'lk-cards', role: 'group', 'data-place': place, ...id(`at-${place || 'tray'}`), onclick: () => held && !drag && !dropped && drop(place) }, ...head);
    boxes[place] = node;
    return node;
  }
  const head = ([long, short], kind = '') => make('div', { class: `lk-head ${kind}` }, make('span', { class: 'lk-long' }, long), make('span', { class: 'lk-short' }, short));
  const map = make('div', { class: 'lk-map', style: `height:${d.area}px` },
    make('div', { class: 'lk-tray' }, head(['cards', 'cards']), area('')),
    make('div', { class: 'lk-fields' }, make('i'), head(d.heads[0]), head(d.heads[1]),
      head(d.heads[2], 'lk-upright'), area('kernel/user'), area('program/user'),
      head(d.heads[3], 'lk-upright'), area('kernel/kernel'), area('program/kernel'),
      make('i'), area('none', make('small', {}, d.places.none))));
  const says = make('div', { class: 'lk-told', tabindex: 0, role: 'region', 'aria-label': 'what the check says', ...id('says') });
  const live = make('div', { class: 'lk-aloud', 'aria-live': 'polite', ...id('aloud') });
  const tool = (part, words, title, onclick) => make('button', { ...id(part), title, onclick }, words);
  const tools = [
    tool('check', 'check', 'say of every card on the map whether it lies right', check),
    tool('again', 'try again', 'put the wrong cards back into the tray', again),
    tool('answers', 'answers', 'put every card where it belongs, and say why', answers),
    tool('reset', 'start over', 'put every card back into the tray', () => { cards.forEach((c) => { c.at = ''; c.mark = ''; }); tell(); aloud('All cards are back in the tray.'); }),
  ];

  function aloud(words) { live.textContent = words; }
  function put(card, place) {
    if (card.at !== place) card.mark = '';
    card.at = place;
  }
  function drop(place) {
    const card = held;
    held = null;
    put(card, place);
    now = card;
    aloud(`${card.name}: ${where(place)}.`);
    tell();
    focus();
  }
  function pick(card) {
    held = now = card;
    from = card.at;
    aloud(`${card.name} is picked up. Arrow keys move it, Enter puts it down, Escape puts it back.`);
    paint();
    focus();
  }
  function focus() {
    const node = now && root.querySelector(`[data-card="${cards.indexOf(now)}"]`);
    if (node) node.focus();
  }

  // The two halves of a place say which question was answered wrongly.
  function doubt(card) {
    const [who, space] = card.place.split('/');
    const [mine, here] = card.at.split('/');
    if (card.at === 'none') return 'somebody does schedule it: who?';
    if (card.place === 'none') return 'is it a thread at all? Who picks it as the next one to run?';
    if (who !== mine && space !== here) return 'think again about both questions';
    return who !== mine ? 'where it runs is right; who schedules it is not' : 'who schedules it is right; where it runs is not';
  }
  function line(card) {
    const good = card.mark === 'right';
    return make('div', { class: good ? 'lk-right' : 'lk-wrong' }, make('b', {}, `${good ? '✓' : '✗'} ${card.name}: `),
      good ? card.truth : doubt(card), good && card.source ? make('small', {}, ` ${card.source}`) : '');
  }
  function check() {
    cards.forEach((card) => { card.mark = card.at && (card.at === card.place ? 'right' : 'wrong'); });
    tell();
    aloud(sum);
  }
  function again() {
    cards.filter((card) => card.mark === 'wrong').forEach((card) => put(card, ''));
    tell();
    aloud('The wrong cards are back in the tray.');
  }
  function answers() {
    cards.forEach((card) => { card.at = card.place; });
    check();
  }

  // What stands below the map: the questions, or after a check the verdict and a line for every card, the wrong ones first.
  function tell() {
    const marked = ['wrong', 'right'].map((mark) => cards.filter((card) => card.mark === mark));
    const [wrong, right] = marked.map((list) => list.length);
    const left = cards.filter((card) => !card.at).length;
    const done = right === cards.length && right > 0;
    sum = done ? `✓ All ${right} right.` : `✓ ${right} right, ✗ ${wrong} wrong${left ? `, ${left} not placed` : ''}.`;
    const empty = done && d.empty ? [make('div', {}, d.empty)] : [];
    const top = wrong + right ? [...empty, ...marked.flat().map(line)]
      : [...d.questions.map((words) => { const [first, ...rest] = words.split(':'); return make('div', {}, make('b', {}, `${first}:`), rest.join(':')); }),
        make('div', { class: 'lk-dim' }, 'With keys: the arrows choose a card, Enter picks it up, the arrows move it, Enter puts it down.')];
    says.replaceChildren(...top);
    says.scrollTop = 0;
    root.dataset.right = right;
    root.dataset.wrong = wrong;
    tools[1].disabled = !wrong;
    tools[3].disabled = !cards.some((card) => card.at);
    paint();
  }

  function button(card) {
    const signs = { right: '✓ ', wrong: '✗ ', '': '' };
    const says = { right: ', right', wrong: ', wrong', '': '' };
    const i = cards.indexOf(card);
    return make('button', {
      class: `lk-card${card.mark ? ` lk-${card.mark}` : ''}${card === held ? ' lk-held' : ''}`, 'data-card': i, ...id(`card-${card.key}`), tabindex: card === now ? 0 : -1,
      title: card.mark === 'right' ? card.truth : card.mark ? doubt(card) : card.name, 'aria-label': `${card.name}, ${where(card.at)}${says[card.mark]}`, 'aria-pressed': card === held,
      onpointerdown: (event) => press(event, card), onclick: (event) => { event.stopPropagation(); touch(event, card); },
    }, make('span', {}, `${signs[card.mark]}${card.name}`));
  }
  function paint() {
    for (const [place, node] of Object.entries(boxes)) {
      const list = cards.filter((card) => card.at === place);
      node.querySelectorAll('.lk-card').forEach((old) => old.remove());
      node.append(...list.map(button));
      node.setAttribute('aria-label', `${where(place)}: ${list.length} ${list.length === 1 ? 'card' : 'cards'}`);
    }
    root.classList.toggle('lk-holding', !!held);
    const placed = cards.filter((card) => card.at).length;
    root.querySelector('small').textContent = `${placed} of ${cards.length} placed`;
  }

  // A click picks a card up or, on another card of a field, puts the held one beside it. Enter arrives as a click as well.
  function touch(event, card) {
    if (dropped) return;
    if (!held) pick(card);
    else if (event.detail === 0 || held === card) drop(held.at);
    else drop(card.at);
  }
  function press(event, card) {
    if (event.button || (held && held !== card)) return;
    const box = event.currentTarget.getBoundingClientRect();
    drag = { card, node: event.currentTarget, x: event.clientX, y: event.clientY, dx: event.clientX - box.left, dy: event.clientY - box.top, moved: false, ghost: null };
    drag.node.setPointerCapture(event.pointerId);
    drag.node.onpointermove = move;
    drag.node.onpointerup = release;
    drag.node.onpointercancel = () => { stop(); paint(); };
  }
  function under(event) {
    return Object.values(boxes).find((node) => {
      const box = node.getBoundingClientRect();
      return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    });
  }
  function move(event) {
    if (!drag.moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 4) return;
    const box = root.getBoundingClientRect();
    if (!drag.moved) {
      drag.moved = true;
      drag.ghost = drag.node.cloneNode(true);
      drag.ghost.removeAttribute('data-testid');
      drag.ghost.classList.add('lk-ghost');
      drag.ghost.style.width = `${drag.node.offsetWidth}px`;
      root.append(drag.ghost);
      drag.node.classList.add('lk-gone');
    }
    drag.ghost.style.transform = `translate(${event.clientX - box.left - drag.dx}px, ${event.clientY - box.top - drag.dy}px)`;
    Object.values(boxes).forEach((node) => node.classList.toggle('lk-over', node === under(event)));
  }
  function release(event) {
    const { card, moved } = drag;
    const target = under(event);
    stop();
    if (!moved) return;
    held = card;
    drop(target ? target.dataset.place : card.at);
    // Race: the click that follows a drag would pick the card up again. The next drag may begin before the timer is due.
    dropped = true;
    setTimeout(() => { dropped = false; });
  }
  function stop() {
    if (drag.ghost) drag.ghost.remove();
    drag.node.onpointermove = drag.node.onpointerup = drag.node.onpointercancel = null;
    Object.values(boxes).forEach((node) => node.classList.remove('lk-over'));
    drag = null;
  }

  // With a card in hand the arrows move it; without one they choose a card, in the order in which the eye reads.
  function key(event) {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.dataset.card) return;
    if (held) {
      const to = WAYS[held.at][event.key];
      if (event.key === 'Escape') { held.at = from; drop(from); } else if (to !== undefined) {
        put(held, to);
        aloud(`${held.name}: ${where(to)}.`);
        tell();
        focus();
      } else if (!event.key.startsWith('Arrow')) return;
      event.preventDefault();
      return;
    }
    const order = Object.keys(WAYS).flatMap((place) => cards.filter((card) => card.at === place));
    const at = order.indexOf(now);
    const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: order.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    if (!order[next]) return;
    now = order[next];
    paint();
    focus();
  }

  const root = panel(el, d, 'thread_map', tools, map, live, says);
  root.onkeydown = key;
  aloud('Drag a card, or click it and then a field.');
  if (d.solved) answers();
  else tell();
}
