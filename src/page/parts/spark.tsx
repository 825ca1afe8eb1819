const [width, height] = [64, 16];

/** Round-trip times as a small line; what was not answered is a gap with a dot at the bottom. */
export function Spark({ values }: { readonly values: readonly (number | null)[] }) {
  const known = values.flatMap((value) => (value === null ? [] : [value]));
  if (known.length === 0) return null;
  const [least, largest] = [Math.min(...known), Math.max(...known)];
  const x = (index: number) =>
    values.length < 2 ? width / 2 : 2 + (index * (width - 4)) / (values.length - 1);
  const y = (value: number) =>
    largest === least ? height / 2 : height - 3 - ((value - least) / (largest - least)) * (height - 6);
  const runs = values.map((value, index) => {
    if (value === null) return '';
    const isStart = index === 0 || values[index - 1] === null;
    return `${isStart ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <path d={runs.join('')} />
      {values.map((value, index) =>
        value === null ? <circle key={index} cx={x(index)} cy={height - 2} r="1.3" /> : null,
      )}
    </svg>
  );
}
