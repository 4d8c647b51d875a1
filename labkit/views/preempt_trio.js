// Three boots on one time axis: bars for who ran, a dashed mark where the sleeper could have run, a thick one where it did.
export default { render };

function render({ model, el }) {
  const d = JSON.parse(model.get('data'));
  const STATES = ['runs', 'could run, but has to wait', 'sleeps'];
  const PIECES = 200;
  const end = d.end || 1;
  const time = (step) => (step / PIECES) * end;
  const seconds = (s) => `${+s.toPrecision(3)} s`;
  const place = (s) => `left:${((s / end) * 100).toFixed(3)}%`;
  const cursors = [];
  const grid = make('div', { class: 'lk-trio', tabindex: 0, role: 'group', 'aria-label': 'runs on one time axis; arrow keys move the time', 'data-testid': 'preempt_trio-lanes' });

  function track(kind, ...marks) {
    const cursor = make('div', { class: 'lk-at' });
    cursors.push(cursor);
    return make('div', {
      class: `lk-track ${kind}`, onpointerdown: (e) => { e.currentTarget.setPointerCapture(e.pointerId); point(e); }, onpointermove: (e) => { if (e.buttons) point(e); },
    }, ...marks, cursor);
  }
  function point(event) {
    const box = event.currentTarget.getBoundingClientRect();
    view.go(((event.clientX - box.left) / box.width) * PIECES);
  }

  const runs = d.runs.map((run) => ({
    ...run,
    lanes: run.lanes.map(([who, flat]) => ({
      who, bars: Array.from({ length: flat.length / 3 }, (_, i) => ({ state: flat[3 * i], start: flat[3 * i + 1], end: flat[3 * i + 2] })),
    })),
  }));
  const ticks = [0, 1, 2, 3].map((q) => make('span', { style: place((end * q) / 4) }, seconds((end * q) / 4)));
  grid.append(make('div', { class: 'lk-who lk-axis' }, 'time'), track('lk-axis', ...(d.end ? ticks : [])));
  for (const run of runs) {
    grid.append(make('h4', {}, `preempt=${run.name}`, make('small', {}, run.verdict)));
    for (const [i, lane] of run.lanes.entries()) {
      const bars = lane.bars.map((b) => make('div', { class: `lk-s${b.state}`, style: `${place(b.start)};width:max(1px,${(((b.end - b.start) / end) * 100).toFixed(3)}%)` }));
      const [, due, woke] = run.sleep;
      if (!i) bars.push(make('div', { class: 'lk-due', style: place(due) }));
      if (!i && woke !== null) bars.push(make('div', { class: 'lk-woke', style: place(woke) }));
      grid.append(make('div', { class: 'lk-who', title: lane.who }, lane.who), track('', ...bars));
    }
    if (!run.lanes.length) grid.append(make('div', { class: 'lk-who' }, '–'), track(''));
  }

  // What a lane does at a time.
  function doing(lane, at) {
    const i = lastUpTo(lane.bars.map((b) => b.start), at);
    const bar = lane.bars[i];
    return bar && at < bar.end ? `${lane.who} ${STATES[bar.state]}` : '';
  }
  function paint(step) {
    cursors.forEach((cursor) => cursor.setAttribute('style', place(time(step))));
  }
  const marks = runs.flatMap((run) => run.sleep.slice(1)).filter((s) => s !== null).map((s) => Math.ceil((s / end) * PIECES)).sort((a, b) => a - b);
  const story = {
    ...d, n: runs.length ? PIECES + 1 : 0, marks, unit: 'time', label: (step) => `at ${seconds(time(step))}`,
    say: (step) => runs.map((run) => `${run.name}: ${run.lanes.map((lane) => doing(lane, time(step))).filter(Boolean).join(', ') || 'nothing is recorded'}`).join('\n'),
  };
  const view = frame(model, el, story, 'preempt_trio', [], grid, paint);
  const key = (kind, words) => make('span', {}, make('span', { class: `lk-key lk-key-${kind}` }), words);
  const line = (style, words) => make('span', {}, make('span', { class: 'lk-mark', style }), words);
  view.root.append(make('div', { class: 'lk-legend', style: 'height:22px;overflow:auto' }, key('run', 'runs'), key('can', 'could run, has to wait'), key('wait', 'sleeps'),
    line('border-left:2px dashed', 'may run again'), line('border-left:3px solid', 'does run again')));
  view.show();
}
