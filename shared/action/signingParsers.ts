import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputProblem, type Parse } from './InputReader.ts';
import { text } from './parsers.ts';

/** Judged here, so that a wrong one is an error of the input before anything is made. */
export const signingKey: Parse<string> = async (given) => {
  const { publicKeyOf } = await import('../evidence/keySigner.ts');
  try {
    publicKeyOf(given);
    return given;
  } catch {
    throw new InputProblem(
      'is not an ECDSA key on P-256 in PEM',
      'Make one by `openssl ecparam -name prime256v1 -genkey -noout`, and keep it as a secret.',
    );
  }
};

/** Several, one below the other, while one key follows another. */
export const publicKeys: Parse<readonly string[]> = (given) => {
  const found = given.match(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g);
  if (found?.every(isPublicKey)) return found;
  throw new InputProblem(
    found === null ? 'holds no public key' : 'holds a public key that cannot be read',
    'Write them in PEM, one below the other, as `openssl ec -pubout` makes them.',
  );
};

/** One that cannot be read would make every signature look like that of somebody else. */
function isPublicKey(pem: string): boolean {
  try {
    createPublicKey(pem);
    return true;
  } catch {
    return false;
  }
}

export const address: Parse<string> = (given) => {
  const found = text(given) as string;
  if (/^https?:\/\//.test(found) && URL.canParse(found)) return found;
  throw new InputProblem('is not an address', 'Write it as `https://…`.');
};

/** The content of a file of JSON, by its path in the workspace. */
export function jsonFile(workspace: string): Parse<unknown> {
  return async (given) => {
    try {
      return JSON.parse(await readFile(resolve(workspace, given.trim()), 'utf8'));
    } catch {
      throw new InputProblem('is not a file of JSON', 'Write its path in the workspace.');
    }
  };
}
