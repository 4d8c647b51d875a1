// The timeline: threads as rows on a canvas. A frame costs what the screen shows, never what the trace holds.
export default { render };

const [AXIS, STRIP] = [20, 18];

function render({ model, el }) {
  const story = readStory(model);
  const { n, rows, time } = story;
  const canvas = make('canvas', { tabindex: 0, role: 'img', 'aria-label': `timeline: ${story.describe}`, 'data-testid': 'timeline-canvas' });
  const tip = make('div', { class: 'lk-tip', hidden: '', 'data-testid': 'timeline-tip' });
  const rowPx = story.row;
  const bottom = AXIS + rowPx * Math.max(1, rows.length);
  const holds = rows.map(() => ({ start: [], end: [], lock: [] }));
  for (let i = 0; i < story.holds.length; i += 4) {
    const [row, start, end, lock] = story.holds.slice(i, i + 4);
    holds[row].start.push(start);
    holds[row].end.push(end);
    holds[row].lock.push(story.word(lock));
  }
  let axis = story.axis;
  let [from, to] = [0, 1];
  let [width, left, pending, ran, had, colour] = [0, 80, 0, null, null, {}];
  canvas.style.height = `${bottom + STRIP}px`;

  // Where an event stands on the axis; one past the last event is the end of the picture.
  const end = () => (axis === 'steps' ? Math.max(1, n) : Math.max(1, time[n - 1] || 0));
  const position = (step) => (axis === 'steps' ? step : step >= n ? end() : time[step]);
  const x = (p) => left + ((p - from) / (to - from)) * (width - left);
  const p = (px) => from + ((px - left) / (width - left)) * (to - from);
  const stepAt = (at) => Math.max(0, Math.min(n - 1, axis === 'steps' ? Math.floor(at) : lastUpTo(time, at)));
  const startOf = (row, i) => (i < row.start.length ? position(row.start[i]) : end());

  // For each row the time run, and the time locks were held, before each stretch: the share of a pixel is then two look-ups.
  function sumUp() {
    const sums = (count, length) => {
      const sum = new Float64Array(count + 1);
      for (let i = 0; i < count; i++) sum[i + 1] = sum[i] + length(i);
      return sum;
    };
    ran = rows.map((row) => sums(row.start.length, (i) => (row.state[i] === RUNNING ? startOf(row, i + 1) - startOf(row, i) : 0)));
    had = holds.map((h) => sums(h.start.length, (i) => position(h.end[i]) - position(h.start[i])));
  }
  function runningUpTo(r, at) {
    const i = lastUpTo(rows[r].start, stepAt(at));
    if (i < 0) return 0;
    return ran[r][i] + (rows[r].state[i] === RUNNING ? Math.max(0, at - startOf(rows[r], i)) : 0);
  }
  function heldUpTo(r, at) {
    const i = lastUpTo(holds[r].start, stepAt(at));
    if (i < 0) return 0;
    return had[r][i] + Math.max(0, Math.min(at, position(holds[r].end[i])) - position(holds[r].start[i]));
  }
  // Columns of two pixels, each as tall as the share that upTo() grew by in it.
  function drawShares(g, fill, upTo, top, tall, rest) {
    let before = upTo(from);
    for (let px = left; px < width; px += 2) {
      const after = upTo(p(px + 2));
      const share = Math.max(0, Math.min(1, (after - before) / (p(px + 2) - p(px))));
      if (rest && share < 0.98) rest(px);
      const high = share > 0 ? Math.max(1, tall * share) : 0;
      g.fillStyle = fill;
      g.fillRect(px, top + tall - high, 2, high);
      before = after;
    }
  }

  function drawStretch(g, state, x0, x1, top, tall) {
    const wide = Math.max(1, x1 - x0);
    if (state === RUNNING) {
      g.fillStyle = colour.run;
      g.fillRect(x0, top, wide, tall);
    } else if (state === RUNNABLE) {
      g.fillStyle = colour.can;
      g.fillRect(x0, top + tall * 0.32, wide, Math.max(2, tall * 0.36));
    } else if (state === BLOCKED) {
      g.fillStyle = colour.wait;
      for (let dot = x0; dot < x1; dot += 5) g.fillRect(dot, top + tall / 2 - 1, Math.min(3, x1 - dot), Math.min(3, tall));
    }
  }

  function drawRow(g, r) {
    const row = rows[r];
    const top = AXIS + r * rowPx + (rowPx > 12 ? 4 : 0.5);
    const tall = rowPx > 30 ? 16 : rowPx > 12 ? rowPx - 10 : rowPx - 1;
    const first = Math.max(0, lastUpTo(row.start, stepAt(from)));
    const last = lastUpTo(row.start, stepAt(to));
    if (last - first < (width - left) / 2) {
      for (let i = first; i <= last; i++) {
        drawStretch(g, row.state[i], Math.max(left, x(startOf(row, i))), Math.min(width, x(startOf(row, i + 1))), top, tall);
      }
    } else {
      drawShares(g, colour.run, (at) => runningUpTo(r, at), top, tall, (px) => {
        const i = lastUpTo(row.start, stepAt(p(px + 1)));
        const state = row.state[row.state[i] === RUNNING && i + 1 < row.state.length ? i + 1 : i];
        if (state !== RUNNING) drawStretch(g, state, px, px + 2, top, tall);
      });
    }
    drawHolds(g, r, top + tall + 1, rowPx > 30 ? 10 : 3);
    if (rowPx >= 10) {
      g.fillStyle = colour.ink;
      g.fillText(fit(g, story.word(r), left - 12), left - 8, top + tall / 2 + 0.5);
    }
  }

  function drawHolds(g, r, top, tall) {
    const held = holds[r];
    // Why 8 back: a lock taken earlier may still be held, around those taken later; deeper nesting is not looked for.
    const first = Math.max(0, lastUpTo(held.start, stepAt(from)) - 8);
    const last = lastUpTo(held.start, stepAt(to));
    if (last - first > (width - left) / 4) {
      drawShares(g, colour.lock, (at) => heldUpTo(r, at), top, tall);
      return;
    }
    for (let i = first; i <= last; i++) {
      const x0 = Math.max(left, x(position(held.start[i])));
      const x1 = Math.min(width, x(position(held.end[i])));
      if (x1 < left || x1 < x0) continue;
      g.fillStyle = colour.lock;
      g.fillRect(x0, top, Math.max(1, x1 - x0 - 1), tall);
      if (tall > 8 && x1 - x0 > 16) {
        g.save();
        g.font = font(9);
        g.textAlign = 'left';
        g.fillStyle = '#111';
        g.fillText(fit(g, held.lock[i], x1 - x0 - 6), x0 + 3, top + tall / 2 + 0.5);
        g.restore();
      }
    }
  }

  // Under the rows: a letter for each switch, or bars where there are too many to tell apart.
  function drawSwitches(g) {
    const list = story.switches;
    const first = lastUpTo(list, stepAt(from) - 1) + 1;
    const last = lastUpTo(list, stepAt(to));
    const middle = (row) => AXIS + (row + 0.5) * rowPx - (rowPx > 30 ? 5 : 0);
    g.fillStyle = colour.dim;
    g.textAlign = 'center';
    if (last - first > (width - left) / 5) {
      let before = first;
      const columns = Math.ceil((width - left) / 4);
      const most = (2 * (last - first)) / columns;
      for (let px = left; px < width; px += 4) {
        const upTo = lastUpTo(list, stepAt(p(px + 4)));
        const tall = Math.min(1, (upTo - before) / most) * (STRIP - 4);
        g.fillRect(px, bottom + STRIP - tall, 3, tall);
        before = upTo;
      }
      return;
    }
    for (let i = first, free = 0; i <= last; i++) {
      const at = Math.round(x(position(list[i]))) + 0.5;
      const [a, b] = [story.thread(list[i], 0), story.thread(list[i], 1)];
      if (a < rows.length && b < rows.length && a !== b && rowPx > 12) {
        g.strokeStyle = colour.dim;
        g.beginPath();
        g.moveTo(at, middle(a));
        g.lineTo(at, middle(b));
        g.stroke();
      }
      if (at >= free) g.fillText(story.letters[story.cause(list[i])] || '?', at, bottom + STRIP / 2 + 1);
      if (at >= free) free = at + 9;
    }
  }

  function drawAxis(g) {
    const room = Math.max(2, (width - left) / 90);
    const rough = (to - from) / room;
    const power = 10 ** Math.floor(Math.log10(rough));
    const gap = Math.max(axis === 'steps' ? 1 : 0, [1, 2, 5, 10].find((m) => m * power >= rough) * power);
    g.fillStyle = colour.dim;
    g.textAlign = 'right';
    g.fillText(axis === 'steps' ? 'step' : 'time', left - 8, AXIS / 2);
    g.fillText('switch', left - 8, bottom + STRIP / 2 + 1);
    g.textAlign = 'left';
    for (let v = Math.ceil(from / gap) * gap; v < to; v += gap) {
      g.fillStyle = colour.soft;
      g.fillRect(Math.round(x(v)), AXIS - 4, 1, bottom - AXIS + 4);
      g.fillStyle = colour.dim;
      const words = axis === 'steps' ? `${v}` : duration(v);
      if (x(v) + g.measureText(words).width < width) g.fillText(words, x(v) + 3, AXIS / 2);
    }
  }

  const font = (px) => `${px}px ${getComputedStyle(canvas).fontFamily}`;
  function fit(g, words, room) {
    let text = words;
    while (text.length > 1 && g.measureText(text).width > room) text = `${text.slice(0, -2)}…`;
    return text;
  }

  function paint() {
    pending = 0;
    width = canvas.clientWidth;
    if (!width) return;
    const began = performance.now();
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = (bottom + STRIP) * ratio;
    const g = canvas.getContext('2d');
    g.scale(ratio, ratio);
    g.font = font(12);
    g.textBaseline = 'middle';
    left = Math.min(140, width / 4, 20 + Math.max(40, ...rows.map((_, r) => g.measureText(story.word(r)).width)));
    if (!ran) sumUp();
    drawAxis(g);
    rows.forEach((_, r) => { g.textAlign = 'right'; drawRow(g, r); });
    if (n) drawSwitches(g);
    const at = x(position(view.step()));
    g.fillStyle = colour.ink;
    if (at >= left - 1 && at <= width) g.fillRect(Math.round(at) - 1, AXIS - 6, 2, bottom - AXIS + 6);
    canvas.dataset.cursorX = at.toFixed(1);
    canvas.dataset.paintMs = (performance.now() - began).toFixed(2);
  }
  const later = () => { pending ||= requestAnimationFrame(paint); };

  function zoom(factor, around = position(view.step())) {
    const wide = Math.min(end(), Math.max(axis === 'steps' ? 4 : Math.min(end(), 100), (to - from) * factor));
    show(around - ((around - from) / (to - from)) * wide, wide);
  }
  function show(start, wide) {
    from = Math.max(0, Math.min(end() - wide, start));
    to = from + wide;
    later();
  }
  function moved(step) {
    const at = position(step);
    if (at < from || at > to) show(at - (to - from) / 2, to - from);
    later();
  }
  const tool = (part, text, title, onclick) => make('button', { 'data-testid': `timeline-${part}`, title, 'aria-label': title, onclick }, text);
  const axisButton = tool('axis', '', 'one width for each step, or for each unit of time', () => setAxis(axis === 'steps' ? 'time' : 'steps'));
  function setAxis(name) {
    axis = name;
    ran = null;
    axisButton.textContent = `axis: ${name}`;
    show(0, end());
  }

  const tools = [axisButton, tool('out', '−', 'zoom out (−)', () => zoom(2)), tool('in', '+', 'zoom in (+)', () => zoom(0.5)),
    tool('fit', 'fit', 'show all (0)', () => show(0, end()))];
  const view = frame(model, el, story, 'timeline', tools, make('div', {}, canvas, tip), moved);
  view.root.append(legend());
  function legend() {
    const key = (kind, words) => make('span', {}, make('span', { class: `lk-key lk-key-${kind}` }), words);
    const causes = story.causes.filter((c) => story.says.some((s) => s[1] === c)).map((c) => `${story.letters[c]} ${c}`);
    const locks = story.holds.length ? [key('lock', 'has the lock')] : [];
    return make('div', { class: 'lk-legend' }, key('run', 'running'), key('can', 'runnable'), key('wait', 'blocked'), ...locks,
      make('span', {}, `switch: ${causes.join(', ') || 'none'}`));
  }

  canvas.onkeydown = (event) => {
    const act = { '+': () => zoom(0.5), '=': () => zoom(0.5), '-': () => zoom(2), 0: () => show(0, end()) }[event.key];
    if (!act || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  };
  canvas.onwheel = (event) => {
    if (!event.ctrlKey && !event.shiftKey && !event.deltaX) return;
    event.preventDefault();
    if (event.ctrlKey) zoom(event.deltaY > 0 ? 1.25 : 0.8, p(event.offsetX));
    else show(from + ((event.deltaX || event.deltaY) / width) * (to - from), to - from);
  };
  canvas.onpointerdown = (event) => { canvas.setPointerCapture(event.pointerId); view.go(stepAt(p(event.offsetX))); };
  canvas.onpointerleave = () => { tip.hidden = true; };
  canvas.onpointermove = (event) => {
    if (event.buttons) view.go(stepAt(p(event.offsetX)));
    tip.hidden = !n || event.offsetX < left;
    if (tip.hidden) return;
    const step = stepAt(p(event.offsetX));
    const row = Math.floor((event.offsetY - AXIS) / rowPx);
    const now = rows[row] && story.at(row, step);
    const state = now ? `\n${story.word(row)}: ${IN_WORDS[now.state]}${now.waits ? `, waits for ${now.waits}` : ''}` : '';
    tip.textContent = `step ${step}: ${story.say(step)}${state}`;
    tip.style.left = `${Math.max(0, Math.min(event.offsetX + 12, width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${canvas.offsetTop + event.offsetY + 14}px`;
  };

  function readColours() {
    const style = getComputedStyle(view.root);
    for (const name of ['run', 'can', 'wait', 'lock', 'ink', 'dim', 'soft']) colour[name] = style.getPropertyValue(`--lk-${name}`);
    later();
  }
  const resized = new ResizeObserver(() => { readColours(); });
  const themed = new MutationObserver(readColours);
  resized.observe(canvas);
  themed.observe(document.body, { attributes: true });
  readColours();
  setAxis(axis);
  view.show();
  return () => { resized.disconnect(); themed.disconnect(); };
}
