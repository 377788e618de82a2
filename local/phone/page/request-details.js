// The authorization details of a request (RFC 9396): who asks, why, and what they learn.

/** The sentence above the details; undefined for a request without them. */
export function instructionOf({ authorization_details: details }) {
  return details?.[0].instruction;
}

/** Fills a <dl> with the shown properties, those with the same label under one. `code` is in a box of its own. */
export function fillDetails(list, request, code) {
  for (const [label, properties] of shownProperties(request, code)) {
    list.append(element('dt', label));
    for (const property of properties) list.append(definition(property, request));
  }
  list.append(element('dt', 'Until when'), element('dd', `You can answer until ${timeOfDay(request.expires_at)}.`));
}

/** The names of the properties that the employee has unticked. */
export function leftOut(list) {
  return [...list.querySelectorAll('input:not(:checked)')].map(({ name }) => name);
}

/** Whether one of the optional properties is still ticked. Otherwise the answer is to deny. */
export function isSomethingLeft(list) {
  return list.querySelector('input:checked') !== null;
}

/** [label, [[name, value], …]], in the order of the details. */
function shownProperties({ authorization_details: details }, code) {
  const shown = (details ?? [])
    .flatMap(({ properties }) => Object.entries(properties))
    .filter(([, { display, value }]) => display && value !== code)
    .sort(([, a], [, b]) => a.display_order - b.display_order);
  const byLabel = Map.groupBy(shown, ([, property]) => property.name);
  return [...byLabel].map(([label, entries]) => [label, entries.map(([name, { value }]) => [name, value])]);
}

function definition([name, value], { may_leave_out: optional }) {
  if (!optional.includes(name)) return element('dd', value);
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', name, checked: true });
  const label = document.createElement('label');
  label.append(box, value);
  const definition = document.createElement('dd');
  definition.append(label);
  return definition;
}

function element(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}

const timeOfDay = (time) => new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
