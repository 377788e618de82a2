import { readFileSync } from 'node:fs';
import { SettingError } from './settings.js';

/** The file's content, parsed. Throws SettingError naming the variable that points to it. */
export function readParsed(file, variable, parse) {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SettingError(`${variable}: cannot read ${file}: ${error.message}`);
  }
}
