// The run queue, one step at a time: who runs, who waits for a turn, who is blocked and on what.
export default { render };

function render({ model, el }) {
  const story = readStory(model);
  const lane = (part, words) => {
    const cards = make('div', { 'data-testid': `runqueue-${part}`, role: 'list', 'aria-label': words });
    return { cards, box: make('div', { class: 'lk-lane', style: `height:${story.lane}px` }, make('h4', {}, words), cards) };
  };
  const running = lane('running', 'running');
  const queue = lane('queue', 'run queue');
  const blocked = lane('blocked', 'blocked, waiting for');
  const rest = make('div', { class: 'lk-rest', 'data-testid': 'runqueue-rest' });
  const lanes = make('div', {
    class: 'lk-lanes', tabindex: 0, role: 'group', 'aria-label': 'threads by state; arrow keys step', 'data-testid': 'runqueue-lanes',
  }, running.box, queue.box, blocked.box);
  const cpus = new Set(story.rows.flatMap((row) => Array.from(row.cpu)));

  function card(thread, kind, words, step) {
    const fresh = thread.since === step ? ' lk-new' : '';
    const text = `${thread.name} ${words}`;
    return make('div', { class: `lk-card lk-${kind}${fresh}`, role: 'listitem', title: text }, make('b', {}, thread.name), make('span', {}, words));
  }

  function paint(step) {
    const threads = story.rows.map((_, row) => ({ name: story.word(row), ...story.at(row, step) }));
    const those = (state) => threads.filter((t) => t.state === state);
    const fill = (where, cards) => where.cards.replaceChildren(...cards);
    fill(running, those(RUNNING).map((t) => card(t, 'run', cpus.size > 1 ? `cpu ${t.cpu}` : '', step)));
    fill(queue, those(RUNNABLE).sort((a, b) => a.since - b.since).map((t, i) => card(t, 'can', `${i + 1}`, step)));
    fill(blocked, those(BLOCKED).map((t) => card(t, 'wait', t.waits, step)));
    const names = (state) => those(state).map((t) => t.name).join(', ') || 'none';
    rest.textContent = `ended: ${names(EXITED)}  ·  not spawned yet: ${names(NEW)}  ·  ▸ changed at this step`;
  }

  const view = frame(model, el, story, 'runqueue', [], make('div', {}, lanes, rest), paint);
  view.show();
}
