import { readFileSync } from 'node:fs';
import { SettingError } from './settings.js';

/** Reads and parses a file. Throws SettingError, which names the environment variable with the file's path. */
export function readParsed(file, variable, parse) {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SettingError(`${variable}: cannot read ${file}: ${error.message}`);
  }
}
