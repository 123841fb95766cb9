const { Script } = require('node:vm');
const { names } = require('@nx/devkit');

/**
 * A name in all the forms that files need: `my-loss`, `my_loss`, `myLoss`, `MyLoss`, `My loss`.
 *
 * @param {string} kind what is to be called so, such as `loss`
 * @param {string} given in kebab-case or snake_case
 * @throws Error for a name that no file or variable can have
 */
function formsOf(kind, given) {
  const fileName = given.replaceAll('_', '-');
  const { propertyName: identifier, className } = names(fileName);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/u.test(fileName) || !isIdentifier(identifier)) {
    throw new Error(
      `"${given}" is no valid name: take small letters, digits and hyphens, such as my-${kind}`,
    );
  }
  const words = fileName.replaceAll('-', ' ');
  return {
    fileName,
    identifier,
    className,
    snakeName: fileName.replaceAll('-', '_'),
    title: words.charAt(0).toUpperCase() + words.slice(1),
  };
}

/** @param {string} text whether it may name a variable: reserved words may not */
function isIdentifier(text) {
  try {
    return new Script(`'use strict'; const ${text} = 0;`) instanceof Script;
  } catch {
    return false;
  }
}

module.exports = { formsOf };
