/** What a user can put right: the message is complete, its lines name what is wrong and what to do. */
class SetupError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'SetupError';
  }
}

module.exports = { SetupError };
