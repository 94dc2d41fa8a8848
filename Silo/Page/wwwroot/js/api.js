// What the silo answers under /api. A refusal is an Error with the silo's own words.

const patience = 15000;

export async function get(path) {
  return read(path, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(patience) });
}

export async function post(path, token) {
  return read(path, { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
}

async function read(path, request) {
  const response = await fetch(`api/${path}`, request).catch(() => { throw new Error('the silo does not answer'); });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `${response.status} ${response.statusText}`);
  return answer;
}

export const job = (name, rest = '') => `jobs/${encodeURIComponent(name)}${rest}`;
