import { documentText } from './http/document-text.js';

/** Prints the API's OpenAPI document. */
process.stdout.write(await documentText());
