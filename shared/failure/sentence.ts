/**
 * Makes a sentence of what a program or a server says of itself, which is often a fragment: `failed to do
 * request: Head …`. A first word that is a name (`x509:`, `sh:`, `acme.azurecr.io/web`) stays as it is.
 */
export function sentence(text: string): string {
  const said = text.trim();
  const begun = said.replace(/^(?![a-z]{1,3}:)[a-z]+(?=[,:;]?(?:\s|$))/, capital);
  if (/[^.]\.\.$/.test(begun)) return begun.slice(0, -1);
  return begun === '' || /[.!?…:]["')\]]?$/.test(begun) ? begun : `${begun}.`;
}

function capital(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
