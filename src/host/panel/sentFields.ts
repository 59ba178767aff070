/**
 * What of a snapshot a view has got. A field is sent again when its value is another one than the last that was sent; an
 * object that was made anew and says the same is not. So what changes inside an object has to come as a new object.
 */
export class SentFields {
  private readonly sent = new Map<string, { value: unknown; text: string | undefined }>();

  forget(): void {
    this.sent.clear();
  }

  /** The fields that the view lacks; they count as sent. */
  changed<S extends object>(snapshot: S): Partial<S> {
    const fields: Partial<S> = {};
    for (const [name, value] of Object.entries(snapshot) as [keyof S & string, S[keyof S & string]][]) {
      const last = this.sent.get(name);
      if (last && Object.is(last.value, value)) continue;
      const text = JSON.stringify(value) as string | undefined;
      this.sent.set(name, { value, text });
      if (!last || last.text !== text) fields[name] = value;
    }
    return fields;
  }
}
