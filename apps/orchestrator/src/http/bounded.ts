import { Matches, ValidateBy } from 'class-validator';

/** Text of one line: what is printed to terminals and in lists. */
export const OneLine = (): PropertyDecorator =>
  Matches(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, { message: '$property must have no control characters' });

/** Text of several lines. */
export const Lines = (): PropertyDecorator =>
  Matches(/^(?:[^\p{Cc}]|[\n\t]|\r\n)*$/u, { message: '$property must have no control characters' });

/** Data that is kept as it is, up to so many characters as JSON. */
export const MaxJson = (most: number): PropertyDecorator =>
  ValidateBy({
    name: 'maxJson',
    validator: {
      validate: (value: unknown) => (JSON.stringify(value) ?? '').length <= most,
      defaultMessage: () => `$property must be shorter than ${most} characters as JSON`,
    },
  });
