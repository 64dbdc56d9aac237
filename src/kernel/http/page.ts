import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

/** One page of a list. */
export interface Page<T> {
  data: T[];
  /** null on the last page */
  nextCursor: string | null;
}

const pageClasses = new Map<Type, Type<Page<unknown>>>();

/** The document's class of a page of `item`, named `<Item>Page`. */
export function pageOf<T>(item: Type<T>): Type<Page<T>> {
  const known = pageClasses.get(item);
  if (known) return known as Type<Page<T>>;
  class PageOfItems implements Page<T> {
    @ApiProperty({ type: () => item, isArray: true, maxItems: 200, description: 'The rows.' })
    data: T[];

    @ApiProperty({
      type: 'string',
      nullable: true,
      maxLength: 2000,
      description: 'Give it as ?cursor= to read on; null on the last page.',
    })
    nextCursor: string | null;
  }
  Object.defineProperty(PageOfItems, 'name', { value: `${item.name.replace(/Dto$/, '')}Page` });
  pageClasses.set(item, PageOfItems);
  return PageOfItems;
}
