module.exports = { ...require('../../tools/test/jest.preset.cjs'), displayName: 'inspect' };
