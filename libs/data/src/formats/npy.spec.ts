import { fixture } from '../../test/fixture';
import { asInputs, asLabels, inRowMajorOrder, readNpyHeader } from './npy';

interface Npy {
  name: string;
  npy: string;
}

const numpy = fixture<{
  types: (Npy & { shape: number[]; values: number[] })[];
  texts: (Npy & { values: string[] })[];
}>('arrays.json');

/** The header of a file, and the bytes after it. */
async function opened(npy: Buffer) {
  let at = 0;
  const read = async (target: Uint8Array) => {
    const part = npy.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return part.length;
  };
  const header = await readNpyHeader({ read, limit: npy.length }, 'x.npy');
  return { header, bytes: Buffer.from(npy.subarray(at)) };
}

describe('an array of NumPy', () => {
  it.each(numpy.types)('of $name has the values that NumPy reads', async ({ npy, shape, values }) => {
    const { header, bytes } = await opened(Buffer.from(npy, 'base64'));
    expect(header.shape).toEqual(shape);
    const ordered = header.fortranOrder ? inRowMajorOrder(bytes, shape, header.itemBytes) : bytes;
    const inputs = asInputs(ordered, header);
    expect([...inputs]).toEqual(values.map(Math.fround));
    expect(inputs instanceof Float32Array).toBe(header.descr !== '|u1');
  });

  it.each(numpy.texts)('of texts, $name, has those that NumPy reads', async ({ npy, values }) => {
    const { header, bytes } = await opened(Buffer.from(npy, 'base64'));
    expect(asLabels(bytes, header)).toEqual(values);
  });

  it('is refused where it is none or cut off', async () => {
    const npy = Buffer.from(numpy.texts[0]!.npy, 'base64');
    await expect(opened(npy.subarray(0, 40))).rejects.toThrow('x.npy: is cut off');
    await expect(opened(Buffer.from('a,b,c\n1,2,3\n'))).rejects.toThrow('x.npy: is not an array of NumPy');
    const huge = Buffer.from(npy);
    huge[6] = 2;
    huge.writeUInt32LE(0xfffffff, 8);
    await expect(opened(huge)).rejects.toThrow('x.npy: is damaged: its header has 268435455 bytes.');
  });
});
