// @ts-check
import { polling } from "./awaiter.mjs";

export const persistentVolume = polling(300, ({ status }) => ["Available", "Bound"].includes(status?.phase));
