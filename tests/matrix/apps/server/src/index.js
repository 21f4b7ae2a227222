import { answers } from "./edge.js";

answers().then((given) => console.log(JSON.stringify(given)));
