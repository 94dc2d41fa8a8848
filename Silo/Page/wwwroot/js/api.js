// What the silo answers under /api. A refusal is an Error with the silo's own words.

export async function get(path) {
  return read(await fetch(`api/${path}`, { headers: { Accept: 'application/json' } }));
}

export async function post(path, token) {
  return read(await fetch(`api/${path}`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } }));
}

async function read(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `${response.status} ${response.statusText}`);
  return answer;
}

export const job = (name, rest = '') => `jobs/${encodeURIComponent(name)}${rest}`;
