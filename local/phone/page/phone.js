// The phone page: one card per request, updated by Server-Sent Events.
import { fillDetails, instructionOf, isSomethingLeft, leftOut } from './request-details.js';

const SHOW_ANSWER_MS = 3000;
const SOON_SECONDS = 15;
const LONGEST_LARGE_CODE = 10;
const RESULTS = { approved: '✓ Approved', denied: '✕ Denied', expired: 'Expired without an answer' };

const byId = (id) => document.getElementById(id);
const cards = new Map(); // request id → {article, request, arrivedAt}

function codeOf(bindingMessage) {
  return bindingMessage.split(':').at(-1);
}

/** The code in a box of its own: a line breaks before it, never in it. */
function unbroken(code) {
  const span = document.createElement('span');
  span.textContent = code;
  return span;
}

/** Who asks for what: in the words of the request, else by the names of client and API and the scopes. */
function requestSentence(request) {
  const { client, asks, api } = request;
  const instruction = instructionOf(request);
  if (instruction) return instruction;
  const purpose = asks.map((text) => text[0].toLowerCase() + text.slice(1)).join(' and ') || 'confirm who you are';
  return `${client} asks to ${purpose}${api ? ` (${api})` : ''}.`;
}

function buildCard(request) {
  const article = byId('card').content.firstElementChild.cloneNode(true);
  const fill = (name, text) => (article.querySelector(`.${name}`).textContent = text);
  const code = codeOf(request.binding_message);
  fill('avatar', request.name.split(' ').map((word) => word[0]).join('').slice(0, 2));
  fill('name', request.name);
  fill('email', request.email);
  fill('ask', requestSentence(request));
  const details = article.querySelector('.details');
  fillDetails(details, request, code);
  details.addEventListener('change', () => (article.querySelector('.approve').disabled = !isSomethingLeft(details)));
  fill('code', code);
  fill('message', request.binding_message.slice(0, request.binding_message.length - code.length));
  article.querySelector('.message').append(unbroken(code));
  article.querySelector('.code').classList.toggle('long', code.length > LONGEST_LARGE_CODE);
  article.querySelector('.message').hidden = code === request.binding_message;
  for (const answer of ['approve', 'deny']) {
    const button = article.querySelector(`.${answer}`);
    button.setAttribute('aria-label', `${button.textContent} the request ${code} for ${request.name}`);
    button.addEventListener('click', () => send(request.id, answer, article));
  }
  return article;
}

async function send(id, answer, article) {
  const buttons = article.querySelectorAll('button');
  buttons.forEach((button) => (button.disabled = true));
  cards.get(id).answeredHere = true; // a disabled button loses the focus
  const body = JSON.stringify(answer === 'approve' ? { leave_out: leftOut(article) } : {});
  const response = await fetch(`/api/requests/${id}/${answer}`, { method: 'POST', body }).catch(() => null);
  if (response) return;
  buttons.forEach((button) => (button.disabled = false));
  article.querySelector(`.${answer}`).focus();
  announce('Your answer was not sent. Try again.');
}

function announce(text) {
  byId('announcement').textContent = text;
}

function addCard(request) {
  const article = buildCard(request);
  cards.set(request.id, { article, request, arrivedAt: Date.now() });
  byId('cards').prepend(article);
  const spelledCode = [...codeOf(request.binding_message)].join(' ');
  announce(`New request for ${request.name}. ${requestSentence(request)} Code ${spelledCode}.`);
}

/** Shows the result for three seconds, then removes the card. The focus of the person who answered goes along. */
function closeCard(id, state) {
  const card = cards.get(id);
  if (card.closed) return;
  card.closed = true;
  const hadFocus = card.answeredHere || card.article.contains(document.activeElement);
  const result = card.article.querySelector('.result');
  card.article.classList.add('answered', state);
  result.textContent = RESULTS[state];
  if (hadFocus) result.focus();
  announce(`${card.request.name}: ${RESULTS[state]}`);
  setTimeout(() => {
    const hasFocus = card.article.contains(document.activeElement);
    card.article.remove();
    cards.delete(id);
    showEmpty();
    if (hasFocus) focusNext();
  }, SHOW_ANSWER_MS);
}

/** Focuses the newest open request; without one the heading that says so. */
function focusNext() {
  (document.querySelector('article:not(.answered)') ?? document.querySelector('#empty h2')).focus();
}

function showEmpty() {
  byId('empty').hidden = cards.size > 0;
  document.title = cards.size ? `(${cards.size}) Staff0 phone` : 'Staff0 phone';
}

/** Takes all requests, newest first, with the answered ones. A request that is no longer in the list has expired. */
function update(requests) {
  const states = new Map(requests.map(({ id, state }) => [id, state]));
  for (const request of requests.toReversed()) if (request.state === 'pending' && !cards.has(request.id)) addCard(request);
  for (const id of cards.keys()) if (states.get(id) !== 'pending') closeCard(id, states.get(id) ?? 'expired');
  showEmpty();
  tick();
}

function tick() {
  for (const [id, { article, request, arrivedAt }] of cards) {
    const expiresAt = Date.parse(request.expires_at);
    const seconds = Math.max(0, Math.ceil((expiresAt - Date.now()) / 1000));
    article.querySelector('.seconds').textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
    article.querySelector('.left').classList.toggle('soon', seconds <= SOON_SECONDS);
    article.querySelector('.bar span').style.width = `${(100 * (expiresAt - Date.now())) / (expiresAt - arrivedAt)}%`;
    if (seconds === 0) closeCard(id, 'expired');
  }
}

const events = new EventSource('/api/events');
events.onmessage = ({ data }) => update(JSON.parse(data));
events.onopen = () => (byId('connection').hidden = true);
events.onerror = () => (byId('connection').hidden = false);
setInterval(tick, 500);
