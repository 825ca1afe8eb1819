/** A file's text, put into the program when it is built; of a `.tsx` the script that a browser gets of it. The path is relative, as of any import. */
declare module '*?raw' {
  const text: string;
  export default text;
}
